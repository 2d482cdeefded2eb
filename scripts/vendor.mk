# Renew the vendored front-end files and their manifest. Users never need this, nor npm.
.PHONY: vendor
vendor:
	.venv/bin/python scripts/vendor.py
