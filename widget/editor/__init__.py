"""The editor: owners make and change surveys and campaigns beside a live preview. It owns no table.

Uses: surveys, popups, coupons, loyalty, customers and sites.
"""
