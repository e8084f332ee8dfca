"""Words that say nothing by themselves, by language, and those that turn what follows into its opposite."""

_LISTS = {
    "en": """a about after again all also am an and any are as at be because been before being but by can come could did
        do does doing done down each even ever every for from get got had has have he her here him his how i if in
        into is it its it's i'm i've just like made make many me more most much my of off on once one only or other our
        out over own really same she should so some still such than that the their them then there these they this
        those through to too two under until up us use used very was way we well were what when where which while who
        why will with would you your""",
    "it": """a abbia ad agli ai al alla alle allo anche ancora avete aveva c'è che chi ci ci sono come con cosa così cui
        da dagli dai dal dalla dalle dallo de degli dei del della delle dello di dopo dove e ed era erano essere è fa
        fare fatto gli ha hai hanno ho i il in io l la le lei lo loro lui ma me mi mia mie miei mio molto ne negli nei
        nel nella nelle nello noi nostra nostro o ogni per perché però più poi proprio qua quale quando quella quello
        questa queste questi questo qui quindi s sarebbe se sei si sia sono sta stata stato su sua sue sugli sui sul
        sulla sulle sullo suo te ti tra tu tua tuo tutta tutte tutti tutto un una uno va vi voi vostra vostro""",
    "id": """ada adalah agar akan aku anda apa atau bagi bahwa banyak banget begitu beli bisa buat dalam dan dari dapat
        dengan dia di ini itu ia jadi jika juga kalau kalo kami karena ke kepada ketika kita lagi lain lebih masih maka
        mau mereka mungkin nya oleh pada para pun pernah saat saja sangat saya sebagai sebelum sebuah sehingga sekali
        selalu semua seperti serta sesuai setelah sudah supaya tapi telah tersebut tetapi untuk yang ya yg""",
    "es": """a al algo ante como con cual cuando de del desde donde dos e el ella ellas ellos en entre era es esa ese
        eso esta estaba estado este esto está están fue ha había han hasta hay he la las le les lo los me mi mis mucho
        muy más nada nos nosotros o os otra otro para pero poco por porque que qué quien se ser si sido sobre son su sus
        sí también tan te tiene todo todos tu un una uno unos ya y yo""",
    "fr": """a ai au aussi aux avait avec avez avoir c ce ces cela cet cette comme d dans de des donc du elle en encore
        est et eu fait il ils j je l la le les leur lui m ma mais me mes moi mon même n nous on ont ou où par plus pour
        qu que qui quoi s sa sans se ses si son sont suis sur ta te tes toi ton tous tout toute très tu un une vos
        votre vous y à ça été était être c'est j'ai""",
    "de": """aber alle als am an auch auf aus bei beim bin bis da damit dann das dass dem den der des die dies diese
        diesem diesen dieser dieses doch du durch ein eine einem einen einer es etwas für gab ganz hab habe haben hat
        hatte hier ich ihr ihre im in ist ja jetzt kann man mehr mein meine mich mir mit nach noch nur ob oder schon
        sehr sein sich sie sind so um und uns unser vom von vor war was weil wenn werden wie wieder wir wird wurde zu
        zum zur über""",
}
_NEGATION_LISTS = {
    "en": "not no never without don't didn't doesn't isn't wasn't can't couldn't won't",
    "it": "non no mai senza né",
    "id": "tidak bukan belum jangan kurang tanpa gak nggak tak",
    "es": "no nunca sin ni",
    "fr": "ne pas jamais sans non",
    "de": "nicht kein keine keinen nie ohne",
}
STOP_WORDS = {language: frozenset(words.split()) for language, words in _LISTS.items()}
NEGATIONS = {language: frozenset(words.split()) for language, words in _NEGATION_LISTS.items()}
