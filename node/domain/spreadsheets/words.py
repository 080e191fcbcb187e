"""The words by which headings and answers of forms are recognised; what stands first is tried first.

A term is the beginning of a word, without accents; with a bar behind it, the whole word.
"""

from node.domain.notices import Kind, Urgency
from node.domain.spreadsheets.mapping import ColumnField


def _terms(listed: str) -> tuple[str, ...]:
    return tuple(listed.split(", "))


HEADINGS: dict[ColumnField, tuple[str, ...]] = {
    "written_at": _terms(
        "timestamp, time stamp, submitted, submission, created, date sent, marca temporal, fecha de envio, "
        "horodat, date d'envoi, طابع زمني, تاريخ الارسال, وقت الارسال"
    ),
    "email": _terms("e-mail, email, mail, correo, courriel, adresse mail, بريد"),
    "voicemail": _terms(
        "leave a message, leave a voice, voicemail, voice mail, dejar un mensaje, dejar mensaje, buzon, "
        "laisser un message, messagerie, repondeur, ترك رسالة, نترك رسالة"
    ),
    "contact_by": _terms(
        "how should we reach, how can we reach, how do we reach, best way, contact method, contact by, "
        "preferred contact, preferred method, method of contact, how should we contact, como te avisamos, "
        "como le avisamos, como contact, "
        "forma de contacto, medio de contacto, comment vous joindre, comment te joindre, moyen de contact, "
        "طريقة التواصل, كيف نتواصل, طريقة الاتصال"
    ),
    "for_someone_else": _terms(
        "someone else, somebody else, on behalf, otra persona, alguien mas, quelqu'un d'autre, une autre personne, "
        "شخص اخر, نيابة"
    ),
    "standing": _terms("standing offer, oferta permanente, offre permanente, عرض دائم"),
    "consent": _terms(
        "consent, who may, may we share, share this, share your, share my, permission, quien puede, puede ver, "
        "permiso, qui peut, peut voir, accord|, autoris, موافق, من يمكنه"
    ),
    "kind": _terms(
        "need or offer, needs or offers, i am writing, are you asking, request type, type of request, "
        "escribo porque, necesidad u oferta, tipo de solicitud, besoin ou offre, j'ecris, je vous ecris, "
        "نوع الطلب, طلب ام عرض"
    ),
    "needed_by": _terms(
        "needed by, need by, need it by, by when, deadline, due|, antes del, fecha limite, avant le, date limite, "
        "قبل, اخر موعد"
    ),
    "urgency": _terms(
        "how soon, urgen, how quickly, when do you need, priority, para cuando, prioridad, pour quand, quand avez, "
        "delai, عاجل, متى, استعجال"
    ),
    "languages": _terms("language, idioma, lengua, langue, لغة, لغات"),
    "quantity": _terms(
        "how many, how much, quantity, amount, number of, cuant, cantidad, combien, quantite, nombre de personnes, "
        "nombre d'enfants, كم|, عدد, كمية"
    ),
    "phone": _terms("phone, telephone, telefono, tel|, mobile, cell, movil, celular, portable, هاتف, جوال"),
    "address": _terms(
        "address, exactly, street, apartment, direccion, exactamente, calle, domicilio, adresse, rue|, عنوان, شارع"
    ),
    "area": _terms(
        "area, neighbourhood, neighborhood, district, zone|, zip, postcode, postal, where about, whereabout, "
        "where do you, where are, where is, part of town, city|, town|, barrio, ciudad, ville|, zona, "
        "colonia, codigo postal, donde, por donde, "
        "quartier, secteur, منطقة, الحي, اين"
    ),
    "arrival": _terms(
        "arriv, doorbell, gate code, at the door, timbre, al llegar, sonnette, digicode, عند الباب, الوصول"
    ),
    "choices": _terms(
        "what is it about, categor, type of help, kind of help, de que se trata, tipo de ayuda, de quoi s'agit, "
        "type d'aide, فئة, نوع المساعدة"
    ),
    "needs": _terms(
        "need, how can we help, necesi, como podemos ayudar, besoin, comment pouvons-nous, تحتاج, احتياج, نحتاج"
    ),
    "offers": _terms(
        "offer, what can you, can you share, can you give, ofrec, puede compartir, puedes compartir, proposer, "
        "propose, offrir, offre, pouvez-vous, تقديم, تعرض, عرض"
    ),
    "name": _terms(
        "name, first name, call you, nombre, como te llam, como se llam, te llamas, nom|, prenom, "
        "comment vous appel, اسم"
    ),
    "story": _terms(
        "anything, tell us, story, note, comment, detail, describe, explain, message, algo que, notas, detalle, "
        "cuent, descri, mensaje, remarque, precision, autre chose, dites, ملاحظ, تفاصيل, اخبرنا, رسالة"
    ),
}

KINDS: dict[Kind, tuple[str, ...]] = {
    Kind.NEED: _terms(
        "need, looking for, ask, request, necesi, busco, pedir, besoin, cherche, demande, احتاج, حاجة, طلب"
    ),
    Kind.OFFER: _terms(
        "offer, i can, can help, can share, give, volunteer, puedo, ofrec, oferta, je peux, propose, offre|, "
        "offrir, استطيع, يمكنني, عرض, اعرض"
    ),
}

URGENCIES: dict[Urgency, tuple[str, ...]] = {
    Urgency.TWO_DAYS: _terms(
        "2 day, two day, tomorrow, 48, 2 dias, dos dias, manana, 2 jours, deux jours, demain, يومين, غدا"
    ),
    Urgency.WHENEVER: _terms(
        "when someone, when somebody, whenever, not urgent, no hurry, no rush, any time, anytime, flexible, "
        "cuando alguien, cuando se pueda, no es urgente, no urgente, sin prisa, quand quelqu, pas urgent, "
        "pas presse, غير عاجل, عندما, لا عجلة"
    ),
    Urgency.THIS_WEEK: _terms("week, 7 day, semana, semaine, اسبوع"),
    Urgency.TODAY: _terms(
        "today, urgent, now|, unsafe, not safe, emergenc, asap, immediate, hoy, ahora, emergencia, aujourd, "
        "maintenant, urgence, اليوم, عاجل, الان, طارئ"
    ),
}

CATEGORIES: dict[str, tuple[str, ...]] = {
    "pets": _terms("pet|, pets, dog, cat|, cats, mascota, perro, gato, animal, animaux, chien, حيوان"),
    "baby": _terms(
        "baby, babies, diaper, nappy, nappies, formula, child, kid, panal, bebe, nino, couche, lait infantile, "
        "enfant, حفاض, طفل, اطفال, رضيع"
    ),
    "meals": _terms("meal, hot food, cooked, comida caliente, comidas prep, plato, repas, وجبة, وجبات"),
    "groceries": _terms(
        "grocer, food, pantry, shopping, comida, despensa, alimento, viveres, courses, nourriture, epicerie, "
        "aliment, طعام, غذاء, بقالة"
    ),
    "errands": _terms(
        "errand, prescription, deliver, pharmacy, mandado, receta, recado, entrega, ordonnance, livraison, "
        "commissions, توصيل طلبات, مشاوير, وصفة"
    ),
    "housing": _terms(
        "housing, shelter, somewhere to stay, place to stay, storage, vivienda, alojamiento, albergue, logement, "
        "hebergement, سكن, ماوى"
    ),
    "money": _terms(
        "rent|, bill, money, cash, financial, renta|, alquiler, factura, dinero, loyer, facture, argent|, ايجار, "
        "فاتورة, فواتير, مال|, نقود"
    ),
    "health": _terms(
        "medicin, medicat, hygiene, period, sanitary, health, higiene, salud, medicament, sante|, دواء, ادوية, "
        "نظافة شخصية, صحة"
    ),
    "organising": _terms(
        "organis, organiz, flyer, volunteer, volante, voluntari, tract|, tracts, benevol, تنظيم, متطوع"
    ),
    "safety": _terms("accompan, walking, safety, company on, acompan, seguridad, accompagn, securite, مرافقة"),
    "transport": _terms("transport, lift|, lifts, ride, driv, viaje, llevar, trajet, conduire, مواصلات, نقل"),
    "care": _terms("care|, elder, disab, mayores, discapaci, cuidado, agees, handicap, رعاية, مسنين"),
    "listening": _terms("talk, listen, hablar, escuch, parler, ecout, استماع, حديث"),
    "translation": _terms("interpret, translat, traduc, traduct, ترجمة, مترجم"),
    "forms": _terms(
        "forms, paperwork, benefit, legal, immigra, tramite, papeles, formulario, demarche, papiers, juridique, "
        "معاملات, اوراق, قانون"
    ),
    "goods": _terms(
        "cloth, coat, furniture, household, blanket, ropa, abrigo, mueble, vetement, manteau, meuble, ملابس, اثاث"
    ),
    "repairs": _terms(
        "repair, clean, yard, moving, fix, repara, limpi, mudar, mudanza, menage, demenag, تصليح, تنظيف, اصلاح"
    ),
    "tech": _terms(
        "phone, internet, print, computer, laptop, telefono, imprim, computadora, ordenador, telephone, "
        "ordinateur, انترنت, حاسوب, هاتف, طباعة"
    ),
    "learning": _terms("tutor, homework, lesson, teach, skill, clases, ensenar, cours|, devoirs, دروس, تعليم"),
}

#: How what somebody wrote beside the choices of a form begins.
OTHERWISE = _terms("other, something else, otro, otra, autre, اخرى, غير ذلك")

LANGUAGES: dict[str, tuple[str, ...]] = {
    "en": _terms("english, ingles, anglais, انجليزي, انكليزي"),
    "es": _terms("spanish, espanol, castellano, espagnol, اسباني"),
    "fr": _terms("french, frances, francais, فرنسي"),
    "ar": _terms("arab, عربي"),
    "bn": _terms("bengali, bangla, بنغالي"),
    "de": _terms("german, aleman, allemand, deutsch, الماني"),
    "fa": _terms("farsi, persian, persa, persan, dari|, فارسي"),
    "hi": _terms("hindi, هندي"),
    "it": _terms("italian, ايطالي"),
    "ku": _terms("kurd, كردي"),
    "pl": _terms("polish, polaco, polonais, polski"),
    "ps": _terms("pashto, pastun, pachto, بشتو"),
    "pt": _terms("portug, برتغالي"),
    "ro": _terms("romanian, rumano, roumain, روماني"),
    "ru": _terms("russian, ruso|, russe|, روسي"),
    "so": _terms("somali, صومالي"),
    "sw": _terms("swahili, suajili, سواحيلي"),
    "ta": _terms("tamil"),
    "ti": _terms("tigrin, tigray"),
    "tr": _terms("turk, turc, turco, تركي"),
    "uk": _terms("ukrain, ucrani, اوكراني"),
    "ur": _terms("urdu, ourdou, اردو"),
    "vi": _terms("vietnam, tieng viet, فيتنامي"),
    "zh": _terms("chinese, mandarin, cantonese, chino|, chinois, 中文, صيني"),
}

METHODS: dict[str, tuple[str, ...]] = {
    "whatsapp": _terms("whatsapp, whats app, واتساب"),
    "signal": _terms("signal, سيجنال"),
    "email": _terms("e-mail, email, mail, correo, courriel, بريد"),
    "through someone": _terms("through, por medio, a traves, par quelqu, par l'intermed, عن طريق"),
    "text": _terms("text, sms, mensaje, message, رسالة"),
    "phone": _terms("call, phone, llam, telefono, appel, telephone, مكالمة, اتصال, هاتف"),
}

YES_NO: dict[bool, tuple[str, ...]] = {
    True: _terms("yes, y, true, si, oui, vrai, نعم"),
    False: _terms("no, n, false, non, faux, لا"),
}
