"""The front door: commands, settings, and how the parts are opened and closed. Knows all other rooms."""
