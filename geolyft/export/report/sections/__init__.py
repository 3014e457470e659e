"""What the report says, a section to a module, in the order of the handbook."""
