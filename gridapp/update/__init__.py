"""Updates by file: what a package from the maker is, whether it is one, and how it comes to stand beside the program it follows."""
