"""The effort of receiving an order, asked once the store's server says that it was delivered."""

from widget.surveys.catalogue.template import Template

_HARD = [{"question": "score", "in": ["difficult", "neutral"]}]

TEMPLATE = Template(
    key="delivery_ces",
    kind="ces",
    names={"en": "After the delivery", "it": "Dopo la consegna", "id": "Setelah pengiriman"},
    about={
        "en": "At the next visit after your server reports “delivered”: how easy was it to get the order?",
        "it": "Alla prima visita dopo che il tuo server segnala “delivered”: quanto è stato facile ricevere l'ordine?",
        "id": "Pada kunjungan setelah server Anda melaporkan “delivered”: seberapa mudah menerima pesanan?",
    },
    settings={
        "event_name": "delivered",
        "gates": {"event_source": "server"},
        "definition": {
            "comment_if": [{"question": "score", "in": ["difficult", "neutral"]}],
            "questions": [
                {
                    "key": "hurdle",
                    "type": "single",
                    "ask_if": _HARD,
                    "choices": [{"id": name} for name in ("late", "damaged", "tracking", "absent")],
                    "other": True,
                },
            ],
        },
        "texts": {
            "en": {
                "question": "How easy was it to receive your order?",
                "questions": {
                    "hurdle": {
                        "question": "What made it difficult?",
                        "choices": {
                            "late": "It came late",
                            "damaged": "It arrived damaged",
                            "tracking": "I did not know where it was",
                            "absent": "I was not at home",
                        },
                    }
                },
            },
            "it": {
                "question": "Quanto è stato facile ricevere il tuo ordine?",
                "questions": {
                    "hurdle": {
                        "question": "Che cosa l'ha reso difficile?",
                        "choices": {
                            "late": "È arrivato in ritardo",
                            "damaged": "È arrivato danneggiato",
                            "tracking": "Non sapevo dove fosse",
                            "absent": "Non ero in casa",
                        },
                    }
                },
            },
            "id": {
                "question": "Seberapa mudah Anda menerima pesanan Anda?",
                "questions": {
                    "hurdle": {
                        "question": "Apa yang membuatnya sulit?",
                        "choices": {
                            "late": "Datangnya terlambat",
                            "damaged": "Barangnya rusak saat tiba",
                            "tracking": "Saya tidak tahu posisinya",
                            "absent": "Saya tidak di rumah",
                        },
                    }
                },
            },
        },
    },
)
