"""`python -m node` is the same as `manyhands`."""

from node.cli import main

if __name__ == "__main__":
    main()
