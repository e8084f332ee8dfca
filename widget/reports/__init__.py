"""Reading surveys with others: saved filters, comparisons, comment words, report links and the weekly digest.

Tables: saved_filters, report_links, survey_digests. Uses surveys, customers and sites.
"""
