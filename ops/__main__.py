"""`python -m ops …` is the same as the console script `rakat …`."""

from ops.cli import main

if __name__ == "__main__":
    main()
