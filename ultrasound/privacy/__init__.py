"""Whom a picture names is taken off it: masks by device profile, what text is found, de-identified files.

`profile` says what of a source's picture may be seen; `masking` blackens the rest, live; `text_watch` notices
text that was not there when a person signed; `deidentifying` writes files that name nobody. `proposal`
prepares a profile from a moving loop, for a person to look at.
"""
