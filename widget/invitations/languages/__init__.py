"""What the page behind a link and the mail that carries it say beside the survey's own texts, by language."""
