import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.language import base_language, detect, question_language

SAMPLES = {
    "en": (
        "The government said on Monday that it would send more help to the region. "
        "Two people were hurt when a bus left the road near the village.",
        "When did the war begin?",
        "How many soldiers were killed?",
    ),
    "de": (
        "Die Regierung teilte am Montag mit, dass sie mehr Hilfe in die Region schicken werde. "
        "Bei einem Unfall wurden zwei Menschen verletzt.",
        "Wann begann der Krieg?",
        "Wie viele Soldaten wurden getötet?",
    ),
    "fr": (
        "Le gouvernement a annoncé lundi qu'il enverrait davantage d'aide dans la région. "
        "Deux personnes ont été blessées dans un accident.",
        "Quand la guerre a-t-elle commencé ?",
        "Combien de soldats ont été tués ?",
    ),
    "it": (
        "Il governo ha annunciato lunedì che invierà altri aiuti nella regione. "
        "Due persone sono rimaste ferite in un incidente.",
        "Quando è iniziata la guerra?",
        "Quanti soldati sono stati uccisi?",
    ),
    "es": (
        "El gobierno anunció el lunes que enviará más ayuda a la región. "
        "Dos personas resultaron heridas en un accidente.",
        "¿Cuándo empezó la guerra?",
        "Cuantos soldados murieron",
    ),
    "pt": (
        "O governo anunciou na segunda-feira que enviará mais ajuda para a região. "
        "Duas pessoas ficaram feridas em um acidente.",
        "Quando começou a guerra?",
        "Quantos soldados foram mortos?",
    ),
    "nl": (
        "De regering zei maandag dat zij meer hulp naar het gebied zal sturen. "
        "Twee mensen raakten gewond bij een ongeluk.",
        "Wanneer begon de oorlog?",
        "Hoeveel soldaten werden gedood?",
    ),
    "sv": (
        "Regeringen sade på måndagen att den kommer att skicka mer hjälp till området. "
        "Två personer skadades i en olycka.",
        "När började kriget?",
        "Hur många soldater dödades?",
    ),
    "da": (
        "Regeringen sagde mandag, at den vil sende mere hjælp til området. To personer blev såret i en ulykke.",
        "Hvornår begyndte krigen?",
        "Hvor mange soldater blev dræbt?",
    ),
    "no": (
        "Regjeringen sa mandag at den vil sende mer hjelp til området. To personer ble skadet i en ulykke.",
        "Når begynte krigen?",
        "Hvor mange soldater ble drept?",
    ),
    "fi": (
        "Hallitus ilmoitti maanantaina, että se lähettää alueelle lisää apua. "
        "Kaksi ihmistä loukkaantui onnettomuudessa, kun bussi suistui tieltä.",
        "Milloin sota alkoi?",
        "Kuinka monta sotilasta kuoli?",
    ),
    "hu": (
        "A kormány hétfőn közölte, hogy több segítséget küld a térségbe. Két ember megsérült egy balesetben.",
        "Mikor kezdődött a háború?",
        "Hány katona halt meg?",
    ),
    "ro": (
        "Guvernul a anunțat luni că va trimite mai mult ajutor în regiune. "
        "Două persoane au fost rănite într-un accident.",
        "Când a început războiul?",
        "Câți soldați au fost uciși?",
    ),
    "pl": (
        "Rząd poinformował w poniedziałek, że wyśle więcej pomocy do regionu. Dwie osoby zostały ranne w wypadku.",
        "Kiedy zaczęła się wojna?",
        "Ilu żołnierzy zginęło?",
    ),
    "cs": (
        "Vláda v pondělí oznámila, že pošle do regionu více pomoci. Dva lidé byli zraněni při nehodě.",
        "Kdy začala válka?",
        "Kolik vojáků bylo zabito?",
    ),
    "sk": (
        "Vláda v pondelok oznámila, že do regiónu pošle viac pomoci. Dvaja ľudia boli zranení pri nehode.",
        "Kedy sa začala vojna?",
        "Koľko vojakov bolo zabitých?",
    ),
    "tr": (
        "Hükümet pazartesi günü bölgeye daha fazla yardım göndereceğini açıkladı. Bir kazada iki kişi yaralandı.",
        "Savaş ne zaman başladı?",
        "Kaç asker öldü?",
    ),
    "vi": (
        "Chính phủ hôm thứ Hai cho biết sẽ gửi thêm viện trợ đến khu vực. Hai người bị thương trong một vụ tai nạn.",
        "Chiến tranh bắt đầu khi nào?",
        "Có bao nhiêu binh sĩ thiệt mạng?",
    ),
    "ca": (
        "El govern va anunciar dilluns que enviarà més ajuda a la regió. "
        "Dues persones van resultar ferides en un accident.",
        "Quan va començar la guerra?",
        "Quants soldats van morir?",
    ),
    "ru": (
        "Правительство в понедельник заявило, что направит в регион больше помощи. Два человека пострадали в аварии.",
        "Когда началась война?",
        "Сколько солдат погибло?",
    ),
    "uk": (
        "Уряд у понеділок заявив, що надішле в регіон більше допомоги. Двоє людей постраждали в аварії.",
        "Коли почалася війна?",
        "Скільки солдатів загинуло?",
    ),
    "be": (
        "Урад у панядзелак заявіў, што накіруе ў рэгіён больш дапамогі. Два чалавекі пацярпелі ў аварыі.",
        "Калі пачалася вайна?",
        "Колькі салдат загінула?",
    ),
    "bg": (
        "Правителството съобщи в понеделник, че ще изпрати повече помощ в региона. "
        "Двама души са ранени при катастрофа.",
        "Кога започна войната?",
        "Колко войници са убити?",
    ),
    "el": (
        "Η κυβέρνηση ανακοίνωσε τη Δευτέρα ότι θα στείλει περισσότερη βοήθεια. Δύο άνθρωποι τραυματίστηκαν.",
        "Πότε άρχισε ο πόλεμος;",
        "Πόσοι στρατιώτες σκοτώθηκαν;",
    ),
    "ar": (
        "أعلنت الحكومة يوم الاثنين أنها سترسل مزيدا من المساعدات إلى المنطقة. أصيب شخصان في حادث.",
        "متى بدأت الحرب؟",
        "كم عدد الجنود؟",
    ),
    "fa": (
        "دولت روز دوشنبه اعلام کرد که کمک‌های بیشتری به منطقه می‌فرستد. دو نفر در این حادثه زخمی شدند.",
        "جنگ چه زمانی آغاز شد؟",
        "چند سرباز کشته شدند؟",
    ),
    "he": (
        "הממשלה הודיעה ביום שני כי תשלח סיוע נוסף לאזור. שני אנשים נפצעו.",
        "מתי התחילה המלחמה?",
        "כמה חיילים נהרגו?",
    ),
    "hi": (
        "सरकार ने सोमवार को कहा कि वह क्षेत्र में और मदद भेजेगी। दुर्घटना में दो लोग घायल हुए।",
        "युद्ध कब शुरू हुआ?",
        "कितने सैनिक मारे गए?",
    ),
    "zh": (
        "政府周一表示，将向该地区提供更多援助。 两人在事故中受伤。",
        "战争什么时候开始的？",
        "有多少士兵阵亡？",
    ),
    "ja": (
        "政府は月曜日、この地域にさらなる支援を送ると発表した。 事故で二人がけがをした。",
        "戦争はいつ始まりましたか。",
        "何人の兵士が死にましたか。",
    ),
    "ko": (
        "정부는 월요일 이 지역에 더 많은 지원을 보내겠다고 밝혔다. 사고로 두 명이 다쳤다.",
        "전쟁은 언제 시작되었습니까?",
        "군인이 몇 명 죽었습니까?",
    ),
    "th": (
        "รัฐบาลกล่าวเมื่อวันจันทร์ว่าจะส่งความช่วยเหลือเพิ่มเติม มีผู้บาดเจ็บสองคน",
        "สงครามเริ่มเมื่อไหร่",
        "มีทหารเสียชีวิตกี่คน",
    ),
}
"""An article's text and two questions of each language."""


@pytest.mark.parametrize("code", SAMPLES)
def test_an_article_is_told_by_two_sentences(code: str) -> None:
    assert detect(SAMPLES[code][0]) == code


@pytest.mark.parametrize("code", SAMPLES)
def test_a_question_is_told_among_the_librarys_languages(code: str) -> None:
    for question in SAMPLES[code][1:]:
        assert question_language(question, {"en": 100, code: 5}) == code


@pytest.mark.parametrize("code", sorted(set(SAMPLES) - {"en", "es"}))
def test_a_question_in_a_language_that_the_library_lacks_is_told(code: str) -> None:
    for question in SAMPLES[code][1:]:
        assert question_language(question, {"en": 100}) not in ("en", "")


@pytest.mark.parametrize(
    "text", ["Bakhmut", "Zelensky Putin", "123", "🙂🙂", "?", "", "Paris", "El Niño", "U.S. 1,600", "a"]
)
def test_names_numbers_and_signs_are_in_the_librarys_main_language(text: str) -> None:
    assert question_language(text, {"de": 3, "en": 10}) == "en"


@pytest.mark.parametrize("text", ["", "123 456", "🙂", "...", "Bakhmut Avdiivka"])
def test_what_has_no_words_of_a_language_is_in_none(text: str) -> None:
    assert detect(text) == ""


def test_mixed_text_is_in_the_language_of_most_of_it() -> None:
    assert detect(SAMPLES["en"][0] + " Він сказав: «Слава Україні!»") == "en"
    assert detect(SAMPLES["uk"][0] + " He said so.") == "uk"


def test_a_library_of_regional_and_unknown_codes_keeps_them() -> None:
    assert question_language("Who is the president?", {"en-GB": 5, "de": 9}) == "en-GB"
    assert question_language("Who is the president?", {"": 5}) == ""
    assert question_language("Kiu estas la prezidanto?", {"eo": 5}) == "eo"
    assert question_language("Who is the president?", {}) == "en"
    assert [base_language(code) for code in ("en-GB", "nb", "zh-Hant-TW", "")] == ["en", "no", "zh", ""]


@given(
    st.text(max_size=80), st.dictionaries(st.sampled_from(["en", "uk", "ja", "de-AT", "x-ours", ""]), st.integers(1, 9))
)
def test_any_text_has_a_language_and_always_the_same(text: str, among: dict[str, int]) -> None:
    assert question_language(text, among) == question_language(text, dict(reversed(among.items())))
    assert detect(text) == detect(text)
