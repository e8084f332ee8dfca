"""What Maple Store's shoppers write: sentences by language and mood, put together by the generator.

`{product}` is what they bought; a comment is one opening sentence and sometimes a second.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mood:
    """The sentences of one mood: `first` opens a comment, `second` may follow, `short` stands alone."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    short: tuple[str, ...]


GOOD, MIDDLING, BAD = "good", "middling", "bad"

ENGLISH = {
    GOOD: Mood(
        first=(
            "The {product} is even nicer than in the pictures.",
            "I bought the {product} for my mother and ended up ordering a second one for me.",
            "You can tell somebody cared when they made this {product}.",
            "Third order here and never disappointed.",
            "Arrived two days early, which was a lovely surprise.",
            "The {product} has been in use every single day since it came.",
            "Packed so well that I kept the box.",
            "I had a question before ordering and got a real answer within the hour.",
            "Exactly what I hoped for.",
            "My sister has the same {product} and now I know why she would not lend it to me.",
        ),
        second=(
            "Will come back before Christmas.",
            "The handwritten note made my day.",
            "Worth every cent.",
            "Please never change it.",
            "Only wish it came in a bigger size.",
            "The checkout was quick too.",
            "Friends have already asked where I got it.",
        ),
        short=(
            "love it",
            "Beautiful work, thank you!",
            "perfect",
            "So happy with it 😊",
            "10/10 would buy again",
            "Great service.",
        ),
    ),
    MIDDLING: Mood(
        first=(
            "The {product} is good, delivery could have been faster.",
            "Nice {product}, a bit smaller than I imagined.",
            "All fine, but the tracking link never worked for me.",
            "Lovely quality, though it is not cheap.",
            "The colour is somewhat darker than on my screen.",
            "It does what it should.",
            "Happy with the {product}, less so with the amount of paper in the box.",
        ),
        second=(
            "Still, I would order again.",
            "A size guide on the page would help.",
            "Maybe show it next to a hand in the photos?",
            "Nothing dramatic.",
            "Let me pick a delivery day next time.",
        ),
        short=("It's ok.", "fine, nothing special", "good but pricey", "Would like more colours."),
    ),
    BAD: Mood(
        first=(
            "The {product} arrived with a crack and I had to send photos twice.",
            "Waited eleven days although the page said two to four.",
            "The parcel was left in the rain in front of the wrong door.",
            "For this price I expected the {product} to last longer than a month.",
            "Ordered the {product}, got something else.",
            "I wrote two e-mails about my {product} and heard nothing.",
            "The {product} looks nothing like the photo.",
            "The grinder jams after a few turns.",
            "I could not enter my address because the form kept jumping back.",
            "The discount vanished at the last step.",
        ),
        second=(
            "Quite disappointed.",
            "A simple reply would have been enough.",
            "Please fix this, I like your shop otherwise.",
            "I am still waiting for the refund.",
            "It was meant to be a present.",
            "Will think twice next time.",
        ),
        short=(
            "too slow",
            "Broken on arrival :(",
            "not worth the money",
            "Never again",
            "where is my order?",
        ),
    ),
}

ITALIAN = {
    GOOD: Mood(
        first=(
            "Ancora più bello che in foto, complimenti a chi lo ha fatto.",
            "Pacco perfetto: {product} e biglietto scritto a mano, arrivati in due giorni.",
            "Si vede che è fatto a mano da chi ama il proprio lavoro.",
            "Ho scritto per un dubbio e mi hanno risposto subito.",
            "Secondo acquisto, sempre contenta.",
        ),
        second=(
            "Tornerò di sicuro.",
            "Imballato con tanta cura.",
            "Lo consiglio a tutti.",
            "Ottimo anche come regalo.",
        ),
        short=("bellissimo!", "Perfetto, grazie", "Tutto ottimo", "super contenta"),
    ),
    MIDDLING: Mood(
        first=(
            "Bello, ma un po' più piccolo di come sembrava.",
            "Qualità buona, spedizione un po' lenta.",
            "Tutto bene, però il prezzo è alto.",
            "Il colore è leggermente diverso dalla foto.",
        ),
        second=("Comunque lo ricomprerei.", "Servirebbero le misure nella pagina.", "Niente di grave."),
        short=("va bene", "nella media", "carino ma caro"),
    ),
    BAD: Mood(
        first=(
            "Arrivato rotto, e nessuno mi ha ancora risposto.",
            "Dieci giorni di attesa invece dei quattro promessi.",
            "Il pacco è stato lasciato dal vicino senza avvisare.",
            "Per questo prezzo mi aspettavo di più.",
            "Mi è arrivato l'articolo sbagliato.",
        ),
        second=("Peccato, era un regalo.", "Aspetto ancora il rimborso.", "Così non va."),
        short=("troppo lento", "deluso", "mai più"),
    ),
}

INDONESIAN = {
    GOOD: Mood(
        first=(
            "Saya suka {product}nya, persis seperti di foto.",
            "Pengiriman cepat dan bungkusnya rapi.",
            "Kualitasnya terasa, jelas dibuat dengan hati.",
            "Sudah pesan dua kali dan selalu puas.",
        ),
        second=("Pasti beli lagi.", "Cocok untuk hadiah.", "Terima kasih banyak!"),
        short=("mantap", "Suka banget!", "bagus, terima kasih"),
    ),
    MIDDLING: Mood(
        first=(
            "Bagus, tapi ukurannya lebih kecil dari perkiraan.",
            "Barang oke, pengirimannya agak lama.",
            "Lumayan, hanya harganya agak mahal.",
        ),
        second=("Tolong tambahkan ukuran di halamannya.", "Semoga lebih cepat lain kali."),
        short=("lumayan", "biasa saja", "oke"),
    ),
    BAD: Mood(
        first=(
            "Pesanan {product} saya datang dalam keadaan rusak.",
            "Sudah sepuluh hari baru sampai.",
            "Pesan saya tidak dibalas sampai sekarang.",
            "Yang datang bukan yang saya pesan.",
        ),
        second=("Mohon ditindaklanjuti.", "Kecewa sekali.", "Saya masih menunggu pengembalian dana."),
        short=("kecewa", "lama sekali", "tidak sesuai foto"),
    ),
}

PHRASES = {"en": ENGLISH, "it": ITALIAN, "id": INDONESIAN}
