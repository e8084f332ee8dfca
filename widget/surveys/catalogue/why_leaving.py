"""Why shoppers go without buying, asked when they are about to."""

from widget.surveys.catalogue.template import Template

TEMPLATE = Template(
    key="why_leaving",
    kind="form",
    names={"en": "Why are you leaving?", "it": "Perché te ne vai?", "id": "Mengapa Anda pergi?"},
    about={
        "en": "When a shopper is about to leave the cart: what holds them back?",
        "it": "Quando un cliente sta per lasciare il carrello: che cosa lo trattiene?",
        "id": "Saat pembeli hendak meninggalkan keranjang: apa yang menahannya?",
    },
    settings={
        "url_rules": [["contains", "/cart"]],
        "repeat_days": 30,
        "gates": {"exit_intent": True},
        "definition": {
            "questions": [
                {
                    "key": "reason",
                    "type": "single",
                    "required": True,
                    "choices": [{"id": name} for name in ("looking", "price", "shipping", "trust", "missing")],
                    "other": True,
                },
                {
                    "key": "fair_price",
                    "type": "text",
                    "ask_if": [{"question": "reason", "in": ["price", "shipping"]}],
                    "max_length": 200,
                },
                {
                    "key": "missing",
                    "type": "text",
                    "ask_if": [{"question": "reason", "in": ["missing", "trust"]}],
                    "long": True,
                },
            ],
        },
        "texts": {
            "en": {
                "thanks": {"all": "Thank you! That helps us more than you think."},
                "questions": {
                    "reason": {
                        "question": "What keeps you from buying today?",
                        "choices": {
                            "looking": "I am only looking",
                            "price": "The price",
                            "shipping": "The cost of delivery",
                            "trust": "I am not sure about the store",
                            "missing": "I did not find what I wanted",
                        },
                    },
                    "fair_price": {"question": "What would have been fair?"},
                    "missing": {"question": "What did you miss?"},
                },
            },
            "it": {
                "thanks": {"all": "Grazie! Ci aiuta più di quanto pensi."},
                "questions": {
                    "reason": {
                        "question": "Che cosa ti trattiene dal comprare oggi?",
                        "choices": {
                            "looking": "Sto solo guardando",
                            "price": "Il prezzo",
                            "shipping": "Il costo della consegna",
                            "trust": "Non sono sicuro del negozio",
                            "missing": "Non ho trovato quello che volevo",
                        },
                    },
                    "fair_price": {"question": "Che cosa sarebbe stato giusto?"},
                    "missing": {"question": "Che cosa ti è mancato?"},
                },
            },
            "id": {
                "thanks": {"all": "Terima kasih! Ini sangat membantu kami."},
                "questions": {
                    "reason": {
                        "question": "Apa yang menahan Anda membeli hari ini?",
                        "choices": {
                            "looking": "Saya hanya melihat-lihat",
                            "price": "Harganya",
                            "shipping": "Biaya pengiriman",
                            "trust": "Saya belum yakin dengan toko ini",
                            "missing": "Saya tidak menemukan yang saya cari",
                        },
                    },
                    "fair_price": {"question": "Berapa yang menurut Anda wajar?"},
                    "missing": {"question": "Apa yang kurang bagi Anda?"},
                },
            },
        },
    },
)
