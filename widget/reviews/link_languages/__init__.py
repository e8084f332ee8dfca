"""What the pages behind links and the mails of the reviews room say, by language."""
