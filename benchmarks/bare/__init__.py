"""A plain Django project with sign-in on tables of its own: the limit that the product is compared with."""
