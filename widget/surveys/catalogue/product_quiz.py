"""Three questions that lead to the products that suit."""

from widget.surveys.catalogue.template import Template

TEMPLATE = Template(
    key="product_quiz",
    kind="quiz",
    names={"en": "Which one suits you?", "it": "Quale fa per te?", "id": "Mana yang cocok untuk Anda?"},
    about={
        "en": "In a page of your store: three questions that lead to the products that suit.",
        "it": "In una pagina del negozio: tre domande che portano ai prodotti giusti.",
        "id": "Di halaman toko Anda: tiga pertanyaan yang mengarah ke produk yang cocok.",
    },
    settings={
        "display": "inline",
        "definition": {
            "questions": [
                {
                    "key": "place",
                    "type": "single",
                    "required": True,
                    "choices": [
                        {"id": "desk", "outcome": "calm"},
                        {"id": "trail", "outcome": "bold"},
                        {"id": "kitchen", "outcome": "warm"},
                    ],
                },
                {
                    "key": "drink",
                    "type": "single",
                    "required": True,
                    "choices": [
                        {"id": "tea", "outcome": "calm"},
                        {"id": "coffee", "outcome": "bold"},
                        {"id": "cocoa", "outcome": "warm"},
                    ],
                },
                {
                    "key": "evening",
                    "type": "single",
                    "required": True,
                    "choices": [
                        {"id": "book", "outcome": "calm"},
                        {"id": "party", "outcome": "bold"},
                        {"id": "family", "outcome": "warm"},
                    ],
                },
            ],
            "outcomes": [{"id": "calm"}, {"id": "bold"}, {"id": "warm"}],
        },
        "texts": {
            "en": {
                "thanks": {"all": "Thank you for playing!"},
                "questions": {
                    "place": {
                        "question": "Where will it be used most?",
                        "choices": {"desk": "At my desk", "trail": "On the trail", "kitchen": "In the kitchen"},
                    },
                    "drink": {
                        "question": "What do you reach for in the morning?",
                        "choices": {"tea": "Tea", "coffee": "Coffee", "cocoa": "Cocoa"},
                    },
                    "evening": {
                        "question": "And a perfect evening?",
                        "choices": {
                            "book": "A good book",
                            "party": "Out with friends",
                            "family": "At home with the family",
                        },
                    },
                },
                "outcomes": {
                    "calm": {
                        "title": "The quiet one",
                        "text": "Plain lines, soft colours: look at what is made to stay for years.",
                    },
                    "bold": {
                        "title": "The bold one",
                        "text": "You do not mind being seen: look at what is new and bright.",
                    },
                    "warm": {"title": "The warm one", "text": "Things to share: look at what comes in sets."},
                },
            },
            "it": {
                "thanks": {"all": "Grazie di aver giocato!"},
                "questions": {
                    "place": {
                        "question": "Dove lo userai di più?",
                        "choices": {"desk": "Alla scrivania", "trail": "Sul sentiero", "kitchen": "In cucina"},
                    },
                    "drink": {
                        "question": "Che cosa prendi al mattino?",
                        "choices": {"tea": "Tè", "coffee": "Caffè", "cocoa": "Cioccolata"},
                    },
                    "evening": {
                        "question": "E una serata perfetta?",
                        "choices": {
                            "book": "Un buon libro",
                            "party": "Fuori con gli amici",
                            "family": "A casa in famiglia",
                        },
                    },
                },
                "outcomes": {
                    "calm": {
                        "title": "Il tipo tranquillo",
                        "text": "Linee semplici, colori tenui: guarda ciò che è fatto per durare anni.",
                    },
                    "bold": {
                        "title": "Il tipo audace",
                        "text": "Non ti dispiace farti notare: guarda ciò che è nuovo e vivace.",
                    },
                    "warm": {
                        "title": "Il tipo accogliente",
                        "text": "Cose da condividere: guarda ciò che si vende a set.",
                    },
                },
            },
            "id": {
                "thanks": {"all": "Terima kasih sudah ikut bermain!"},
                "questions": {
                    "place": {
                        "question": "Di mana paling sering dipakai?",
                        "choices": {"desk": "Di meja kerja", "trail": "Di alam terbuka", "kitchen": "Di dapur"},
                    },
                    "drink": {
                        "question": "Apa yang Anda minum di pagi hari?",
                        "choices": {"tea": "Teh", "coffee": "Kopi", "cocoa": "Cokelat"},
                    },
                    "evening": {
                        "question": "Dan malam yang sempurna?",
                        "choices": {
                            "book": "Buku yang bagus",
                            "party": "Keluar bersama teman",
                            "family": "Di rumah bersama keluarga",
                        },
                    },
                },
                "outcomes": {
                    "calm": {
                        "title": "Si tenang",
                        "text": "Garis sederhana, warna lembut: lihat yang dibuat untuk bertahun-tahun.",
                    },
                    "bold": {"title": "Si berani", "text": "Anda tidak keberatan terlihat: lihat yang baru dan cerah."},
                    "warm": {
                        "title": "Si hangat",
                        "text": "Barang untuk dinikmati bersama: lihat yang dijual satu set.",
                    },
                },
            },
        },
    },
)
