"""Everyday words of four languages, without accents: that they stand in two texts says nothing about anybody."""

from node.domain.spelling import fold

#: Words that only hold others together. A run of nothing but these is no phrase.
_SMALL = """
a an and any are as at be been but by can could do does for from had has have he her here him his how i if in into is
it its just me my no not of off on or our out she so some than that the their them then there these they this those to
too up us was we were what when where which who will with would you your a al ante como con de del desde donde el ella
ellas ellos en entre era es esa ese esta este esto fue ha hay la las le les lo los mas me mi mis muy no nos o para
pero por que se sea ser si sin sobre son su sus te tiene tu un una uno y ya yo a au aux avec ce ces cette dans de des
du elle elles en est et etre eux il ils j je l la le les leur leurs lui ma mais me mes mon n ne nos notre nous on ont
ou par pas pour qu que qui s sa se ses son sont sur te tu un une vos votre vous y من في على الى عن مع هذا هذه ذلك تلك
التي الذي ان انا انت هو هي هم نحن كان كانت لا ما لم لن قد و او ثم كل بعد قبل عند لي لنا له لها der die das den dem ein
eine einen einem einer und oder aber mit von zu zum zur im in an auf fur ist sind war wir ihr sie er es ich mir mich
uns nicht kein keine auch nur bei aus nach vor als wie
"""

_EVERYDAY = """
about after again all almost alone along already also always am another anybody anyone anything around ask asked
asking away back bad bags because bed bedroom before begin best better between big bit both box boxes bring brought
bus busy but buy call called came cannot car card care carry case change chair chairs child children city clean clear
clinic close clothes coat coats cold come comes coming cook cost cot cups day days daughter delivery did different
dinner doctor does done door down drive each early easy eat either else end english enough even evening evenings every
everybody everyone everything family far father feel few fill find first fit five floor food form forms four free
friday friend friends full furniture get gets getting girl girls give given go goes going good got grandmother great
groceries group had half hand hands happen hard heating heavy hello help helped helping her here high home hot hour
hours house housing how hundred husband ill inside instead item items job join keep kept kid kids kilo kind kitchen
know ladder landlord language large last late later learn least leave left less let letter letters lift light like
list little live lives living long look looking lost lot lunch made make making man many may maybe meal meals mean
medicine meet men message milk mine minute minutes moment monday money month months more morning mornings most mother
move moved moving much must name near need needed needing needs neighbour neighbours never new next nice night nights
nobody nothing now number often old once one only open other others outside over own pack packs paper parents park
part parts people per person phone pick pieces place please possible post prefer print problem quite rather read ready
really rent repair rice ride right road room rooms run sad same saturday say school second see seen send seven share
she shelf shelves shoes shop shopping short should show sick side since sister sit six size sizes sleep small somebody
someone something sometimes son soon sorry soup speak speaks spend stairs stand start stay stays step still stop store
street strong such sunday sure table take taken talk tea tell ten text thank thanks thing things think third three
through thursday till time times tired today together told tomorrow tonight toilet tools town train translate travel
tuesday twice two under until upstairs use used useful usually van vegetable vegetables very visit wait waiting walk
want wanted wants warm washing watch water way wednesday week weekday weekdays weekend weekly weeks well went west
east north south what wheel whole why wife window winter without woman women word words work working works write year
years yes yesterday yet young welcome collect collection fetch offer offers available baby diapers nappies formula
clothing household laundry yard internet printing tutoring lessons pets dog cat accompany interpreter letterbox bread
abajo abrir agua ahora algo alguien algun alguna algunas algunos alli alto amigo amigos ano anos antes aqui arriba asi
aunque ayer ayuda ayudar bajo bebe bien bolsas buen buena bueno cada cama carta casa caja cajas calle cerca chico
cinco ciudad clase cocina coche comer comida compra comprar compras cosa cosas cualquier cuando cuanto cuarto cuatro
cuidado cuidar dar deber debajo dejar dentro despues dia dias diez dinero doce domingo dormir dos durante ello empezar
entonces entrega escuela escribir espanol esperar estaba estan estar estos familia favor fin formulario frio fuera
fueron gente gracias gran grande grupo hace hacer hacia hasta haya hemos hermana hermano hija hijo hijos hola hombre
hora horas hoy idioma igual ir izquierda jueves juntos lado lana leche leer lejos limpiar limpio lista llamar llegar
llevar luego lugar lunes luz madre mal manana mano manos martes mas mayor medicina medio mejor menos mes mesa meses
mientras miercoles minutos mismo momento mucha muchas mucho muchos mudanza mujer muebles mundo nada nadie ninguna
ninguno nino ninos noche noches nombre nosotros nuestra nuestro nueva nuevo nueve nunca ocho otra otras otro otros
padre padres pagar pan panales papel parte paquete paquetes pedir pequena pequeno perro persona personas pie piso poca
poco poder por porque primera primero pronto pueda puede pueden puedo puerta pues queda querer quien quiere quiza
recoger ropa sabado saber salir salud segundo seis semana semanas sentir ser siempre siete silla sillas sino sitio
sola solo somos sopa tal talla tambien tampoco tan tanto tarde tardes tenemos tener tengo tercero tiempo tienda tienen
toda todas todavia todo todos tomar trabajar trabajo traducir traduccion traer tres unas unos usar vamos veces venir
ver verduras vez vida viene viernes vivir vuelta zapatos lleva basta bastan necesita necesitan necesito necesitamos
accompagner acheter aide aider aimer ainsi aller alors ami amie amis an ans apporter apres arriver assez aujourd'hui
aussi autre autres avant avoir beaucoup bebe besoin bien bientot boite boites bon bonne bois bureau cela celle celui
cent chaise chaises chambre chaque charger chaud chaude chaussures chercher chez chien chose choses cinq combien comme
comment commencer compris couches courses cuisine cuisiner demain demander dehors deja depuis derniere dernier deux
devant dimanche dire dix docteur donc donner dormir douze droit ecole ecrire eau encore enfant enfants ensemble entre
envoyer escalier essayer faim faire fait famille faut femme fenetre fille fils fin fois formulaire fort francais frere
froid gens grand grande grands gratuit groupe habiter habits heure heures hier homme huit ici jamais jeudi jeune jour
journee jours juste la-bas lait langue laver legumes lettre lettres lire lit livraison livrer loin long lundi lumiere
main maintenant maison mal manger manteau manteaux mardi matin medicament meme mere mercredi merci mettre meubles midi
mieux minutes moins mois moment monde monter mot mots moyen neuf noir nom nombre nouveau nouvelle nuit nuits obtenir
onze ouvert ouvrir pain papier papiers parce parents parfois parler part partie partir passer payer pendant penser
pere personne personnes petit petite petits peu peut peut-etre peuvent place plus plusieurs porte porter possible
pourquoi pouvoir premier premiere prendre pres presque prix probleme quand quatre quel quelle quelque quelques
quelqu'un quinze quoi raison ranger recevoir rendez-vous repas reparer rester retour rien riz robe rue sac sacs sais
salle samedi sans sante savoir semaine semaines sept service seul seulement si six soeur soir soirs soupe souvent
tables table taille tant tard telephone temps tenir tete toujours tous tout toute toutes traduire traduction travail
travailler trente tres trois trouver utile utiliser vais vendredi venir vers vetements veut veux vie vieux ville vite
vivre voici voila voir voiture voix vouloir vrai vraiment السلام مساعدة المساعدة نحتاج احتاج يحتاج تحتاج اريد نريد يوم
اليوم ايام غدا امس اسبوع الاسبوع شهر سنة ساعة صباح مساء ليل وقت شخص اشخاص ناس طفل اطفال الاطفال ولد بنت رجل امراة ام
اب اخ اخت عائلة العائلة بيت البيت منزل غرفة باب شارع مدينة طعام اكل خبز ماء حليب ملابس معطف احذية سرير كرسي طاولة
صندوق حفاضات سيارة نقل توصيل دواء طبيب عيادة مستشفى مدرسة عمل مال ايجار رسالة ورق استمارة ترجمة لغة عربي انجليزي هاتف
كبير صغير جديد قديم كثير قليل جيد جدا هنا هناك الان واحد اثنان ثلاثة اربعة خمسة ستة سبعة عشرة شكرا اهلا
"""

SMALL = frozenset(fold(word) for word in _SMALL.split())
COMMON = SMALL | frozenset(fold(word) for word in _EVERYDAY.split())
