# Write the generated pages of docs/reference anew, and the pictures of the tutorial.
.PHONY: docs pictures
docs: ## Write the generated pages of docs/reference anew.
	@scripts/bootstrap.sh dev
	@$(BIN)/python scripts/docs.py

pictures: ## Take the pictures of the tutorial from a fresh demo county.
	@scripts/bootstrap.sh dev
	@scripts/browser.sh
	@$(BIN)/python scripts/pictures.py
