"""What comments of stores are mostly about: by language, the beginnings of words that speak of each theme.

A beginning with a full stop behind it is a whole word.
"""

from flask_babel import lazy_gettext as _l

THEME_NAMES = {
    "delivery": _l("Delivery"),
    "packaging": _l("Packaging"),
    "price": _l("Price"),
    "quality": _l("Quality"),
    "sizing": _l("Sizes and fit"),
    "service": _l("Service"),
    "returns": _l("Returns and refunds"),
    "website": _l("Website and payment"),
}

_STEMS = {
    "en": {
        "delivery": "deliver ship courier parcel arriv late. delay tracking dispatch",
        "packaging": "packag box wrapp damaged crushed",
        "price": "price pric expensive cheap cost afford discount voucher coupon",
        "quality": "quality broke broken defect faulty material fabric durab",
        "sizing": "size sizing fit. fits. fitting small large tight loose",
        "service": "service support staff helpful rude friendly answer reply phone",
        "returns": "return refund exchang",
        "website": "website site page checkout payment pay paid app. apps. login password search",
    },
    "it": {
        "delivery": "consegn spedi corrier pacco arriv ritard tracciam",
        "packaging": "imball confezion scatol danneggiat rovinat",
        "price": "prezz caro. cara. cari. care. costos econom cost scont",
        "quality": "qualit rott difett material tessut",
        "sizing": "tagli misur vestibil strett largh larg",
        "service": "servizi assistenz personal gentil scortes rispost rispond telefon",
        "returns": "reso. resi. rimbors cambi restitu",
        "website": "sito pagin pagament carrello app. accesso password",
    },
    "id": {
        "delivery": "kirim pengirim kurir paket sampai datang terlambat lambat telat",
        "packaging": "kemas bungkus kotak kardus penyok",
        "price": "harga mahal murah biaya ongkir diskon promo",
        "quality": "kualitas mutu rusak cacat bahan kain",
        "sizing": "ukuran pas. kecil besar sempit longgar",
        "service": "layan pelayanan respon ramah kasar balas bantu admin",
        "returns": "retur kembali refund tukar",
        "website": "situs web. halaman bayar pembayaran aplikasi login",
    },
    "es": {
        "delivery": "entreg env mensajer paquete lleg tarde retras",
        "packaging": "embal empaquet caja envolt",
        "price": "preci caro. cara. caros. caras. barat cost descuent",
        "quality": "calidad rot defect material tela",
        "sizing": "tall tamañ ajust pequeñ grande",
        "service": "servici atenci amab respuest respond teléfono",
        "returns": "devol reembols cambi",
        "website": "web. página pago sitio aplicación",
    },
    "fr": {
        "delivery": "livr expédi colis transport arriv retard",
        "packaging": "emball carton boîte abîm",
        "price": "prix cher coût promo réduction",
        "quality": "qualit cass défect matièr tissu",
        "sizing": "taill coupe petit grand serr",
        "service": "service accueil aimabl répon conseil téléphone",
        "returns": "retour rembours échang",
        "website": "site page paiement payer panier application",
    },
    "de": {
        "delivery": "liefer versand versend paket zustell ankomm angekommen spät verspätet",
        "packaging": "verpack karton schachtel beschädig",
        "price": "preis teuer billig günstig kosten rabatt",
        "quality": "qualit kaputt defekt material stoff",
        "sizing": "größe passt passform klein groß eng. enge.",
        "service": "service kundendienst freundlich antwort hilf telefon",
        "returns": "rückgabe retoure rücksend erstatt umtausch",
        "website": "webseite website seite bezahl zahlung shop app.",
    },
}


def _read(stems: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the beginnings and the whole words of a list."""
    listed = stems.split()
    beginnings = tuple(stem for stem in listed if not stem.endswith("."))
    return beginnings, frozenset(stem.rstrip(".") for stem in listed if stem.endswith("."))


THEMES = {language: {theme: _read(stems) for theme, stems in themes.items()} for language, themes in _STEMS.items()}
