"""Tables of other shapes than the form: recognised, proposed for, mapped, and read as if they were the form."""
