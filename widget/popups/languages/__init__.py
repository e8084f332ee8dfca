"""What shoppers read of campaigns, their mails and the pages behind their links, one module a language."""
