"""Where orders come in: the store's own server, Shopify's and WooCommerce's webhooks, and files.

`service.py` lists in order everything that follows from an order.
Tables: platform_connections, platform_events.
Uses: orders, customers, surveys (when two accounts become one), sites.
"""
