"""一网: the platform on which a county's public institutions work and on which people reach them."""

__version__ = "0.1.0"
