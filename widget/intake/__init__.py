"""Where orders and customers come in: the store's own server, Shopify's and WooCommerce's webhooks, and files.

`service.py` lists in order everything that follows from an order, `customer_service.py` everything that follows
when two customers become one.
Tables: platform_connections, platform_events.
Uses: orders, customers, surveys, reviews, invitations and insights (when two accounts become one), sites.
"""
