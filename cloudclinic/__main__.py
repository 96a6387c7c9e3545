"""`python -m cloudclinic` is the command `cloudclinic`."""

from cloudclinic.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
