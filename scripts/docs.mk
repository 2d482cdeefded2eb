# Write the generated pages of docs/reference anew, and the pictures of the tutorial.
.PHONY: docs pictures document-pictures community-pictures
docs: ## Write the generated pages of docs/reference anew.
	@scripts/bootstrap.sh dev
	@$(BIN)/python scripts/docs.py

pictures: ## Take the pictures of the tutorial from a fresh demo county.
	@scripts/bootstrap.sh dev
	@scripts/browser.sh
	@$(BIN)/python scripts/pictures.py

document-pictures: ## Take the pictures of official documents anew (needs poppler-utils).
	@scripts/bootstrap.sh dev
	@$(BIN)/python -m scripts.document_pictures

community-pictures: ## Take the pictures of the service line from a fresh demo county.
	@scripts/bootstrap.sh dev
	@scripts/browser.sh
	@$(BIN)/python scripts/community_pictures.py
