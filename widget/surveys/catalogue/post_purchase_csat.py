"""Satisfaction right after the purchase, and what did not please."""

from widget.surveys.catalogue.template import Template

_UNHAPPY = [{"question": "score", "in": ["dissatisfied", "neutral"]}]

TEMPLATE = Template(
    key="post_purchase_csat",
    kind="csat",
    names={"en": "After the purchase", "it": "Dopo l'acquisto", "id": "Setelah pembelian"},
    about={
        "en": "Right after an order: how satisfied are buyers, and what did not please the others?",
        "it": "Subito dopo un ordine: quanto sono soddisfatti i clienti, e che cosa non è piaciuto agli altri?",
        "id": "Tepat setelah pesanan: seberapa puas pembeli, dan apa yang kurang berkenan bagi yang lain?",
    },
    settings={
        "event_name": "purchase",
        "after_seconds": 2,
        "repeat_days": 30,
        "definition": {
            "questions": [
                {
                    "key": "what",
                    "type": "multiple",
                    "ask_if": _UNHAPPY,
                    "choices": [{"id": name} for name in ("choice", "price", "delivery", "payment", "site")],
                    "other": True,
                },
            ],
        },
        "texts": {
            "en": {
                "questions": {
                    "what": {
                        "question": "What should we do better?",
                        "choices": {
                            "choice": "The choice of products",
                            "price": "Prices",
                            "delivery": "Delivery",
                            "payment": "Payment",
                            "site": "Finding my way in the store",
                        },
                    }
                }
            },
            "it": {
                "questions": {
                    "what": {
                        "question": "Che cosa dovremmo migliorare?",
                        "choices": {
                            "choice": "La scelta dei prodotti",
                            "price": "I prezzi",
                            "delivery": "La consegna",
                            "payment": "Il pagamento",
                            "site": "Orientarsi nel negozio",
                        },
                    }
                }
            },
            "id": {
                "questions": {
                    "what": {
                        "question": "Apa yang perlu kami perbaiki?",
                        "choices": {
                            "choice": "Pilihan produk",
                            "price": "Harga",
                            "delivery": "Pengiriman",
                            "payment": "Pembayaran",
                            "site": "Mencari barang di toko ini",
                        },
                    }
                }
            },
        },
    },
)
