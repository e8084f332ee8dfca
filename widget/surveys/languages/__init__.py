"""What surveys say by default, one file a language: the widget's own words, and a survey's texts by its kind."""
