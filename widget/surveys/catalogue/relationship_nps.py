"""Recommendation now and then: promoters may share a review, detractors say what went wrong."""

from widget.surveys.catalogue.template import Template

TEMPLATE = Template(
    key="relationship_nps",
    kind="nps",
    names={"en": "Would they recommend us?", "it": "Ci consiglierebbero?", "id": "Apakah kami direkomendasikan?"},
    about={
        "en": "Once a quarter for those who return: promoters are asked to share a review, detractors what went wrong.",
        "it": "Ogni tre mesi a chi ritorna: ai promotori si chiede una recensione, ai detrattori che cosa non va.",
        "id": "Tiap tiga bulan bagi yang kembali: promotor diajak menulis ulasan, detraktor ditanya apa yang salah.",
    },
    settings={
        "after_seconds": 20,
        "repeat_days": 90,
        "gates": {"visitors": "returning"},
        "definition": {
            "comment_if": [{"question": "score", "in": ["promoter", "passive"]}],
            "questions": [
                {
                    "key": "wrong",
                    "type": "single",
                    "ask_if": [{"question": "score", "in": ["detractor"]}],
                    "choices": [{"id": name} for name in ("product", "delivery", "price", "service")],
                    "other": True,
                },
                {
                    "key": "details",
                    "type": "text",
                    "ask_if": [{"question": "score", "in": ["detractor"]}],
                    "long": True,
                },
                {
                    "key": "share",
                    "type": "text",
                    "ask_if": [{"question": "score", "in": ["promoter"]}],
                    "long": True,
                },
            ],
        },
        "texts": {
            "en": {
                "questions": {
                    "wrong": {
                        "question": "What went wrong?",
                        "choices": {
                            "product": "The product",
                            "delivery": "The delivery",
                            "price": "The price",
                            "service": "The service",
                        },
                    },
                    "details": {"question": "Please tell us more, so that we can put it right."},
                    "share": {
                        "question": "Would you share a few words that we may show to others?",
                        "hint": "We show them without your name.",
                    },
                }
            },
            "it": {
                "questions": {
                    "wrong": {
                        "question": "Che cosa è andato storto?",
                        "choices": {
                            "product": "Il prodotto",
                            "delivery": "La consegna",
                            "price": "Il prezzo",
                            "service": "L'assistenza",
                        },
                    },
                    "details": {"question": "Raccontaci di più, così possiamo rimediare."},
                    "share": {
                        "question": "Ci lasci due parole che possiamo mostrare ad altri?",
                        "hint": "Le mostriamo senza il tuo nome.",
                    },
                }
            },
            "id": {
                "questions": {
                    "wrong": {
                        "question": "Apa yang kurang berkenan?",
                        "choices": {
                            "product": "Produknya",
                            "delivery": "Pengirimannya",
                            "price": "Harganya",
                            "service": "Pelayanannya",
                        },
                    },
                    "details": {"question": "Ceritakan lebih lanjut agar kami dapat memperbaikinya."},
                    "share": {
                        "question": "Maukah Anda menulis beberapa kata yang boleh kami tampilkan?",
                        "hint": "Kami menampilkannya tanpa nama Anda.",
                    },
                }
            },
        },
    },
)
