"""How sure, and how robust: what chance and the choices of the method do to a figure."""
