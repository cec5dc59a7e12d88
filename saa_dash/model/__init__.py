"""Records, enums and errors that every room shares. Standard library only."""
