"""What can stop a command.

FrontDoorError
├── SettingsWrong    every fault of the settings at once
├── NotInitialised   no data directory yet: `cloudclinic init`
└── CommandFailed    the command could not be carried out; the text says why and what to do
"""


class FrontDoorError(Exception):
    """The base; the command line prints its text and exits with 2."""


class SettingsWrong(FrontDoorError):
    """Every fault of the settings, one a line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class NotInitialised(FrontDoorError):
    """There is no data directory yet."""


class CommandFailed(FrontDoorError):
    """The command could not be carried out."""
