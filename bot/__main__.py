"""`python -m bot` is the command `verbatim`."""

from bot.cli import start

if __name__ == "__main__":
    start()
