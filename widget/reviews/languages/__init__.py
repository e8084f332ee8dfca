"""What shoppers read about reviews, one file a language.

`{n}` and the like are filled in by whoever shows a text. A text in forms by number has the keys of the plural rules of
its language; "other" is always there.
"""
