extension BuiltInWords {
    /// The SMS know no `â`, `ç`, `ê`, `î` or `ô` and no space that does not break: none of them is in GSM-7.
    static let french = BuiltInWords(
        language: LanguageTag(unchecked: "fr"),
        code: ByPurpose(
            signUp: "{{code}} est votre code {{brand}}.",
            recovery: "{{code}} rétablit votre accès à {{brand}}.",
            mfa: "{{code}} est votre code de connexion {{brand}}.",
            attributeChange: "{{code}} confirme ce numéro chez {{brand}}.",
            invitation: "{{code}} est votre invitation à {{brand}}."
        ),
        notice: ByNotice(
            general: "Votre compte {{brand}} a été modifié. Ce n'était pas vous ? Connectez-vous et vérifiez-le.",
            passwordChanged: "Votre mot de passe {{brand}} a été modifié. Ce n'était pas vous ? "
                + "Réinitialisez-le maintenant.",
            newSignIn: "Nouvelle connexion à votre compte {{brand}}. Ce n'était pas vous ? Changez de mot de passe.",
            mfaChanged: "La connexion en deux étapes à votre compte {{brand}} a été modifiée. "
                + "Ce n'était pas vous ? Vérifiez votre compte.",
            accountLocked: "Votre compte {{brand}} a été bloqué. Vous ne savez pas pourquoi ? Contactez-nous.",
            contactChanged: "Les coordonnées de votre compte {{brand}} vont changer. "
                + "Ce n'était pas vous ? Changez de mot de passe."
        ),
        mail: Mail(
            greeting: "Bonjour{{#name}} {{name}}{{/name}},",
            subject: "{{code}} est votre code {{brand}}",
            request: ByPurpose(
                signUp: "votre code pour confirmer cette adresse auprès de {{brand}} est",
                recovery: "votre code pour réinitialiser votre mot de passe {{brand}} est",
                mfa: "votre code pour vous connecter à {{brand}} est",
                attributeChange: "votre code pour confirmer votre nouvelle adresse auprès de {{brand}} est",
                invitation: "votre code pour accepter l’invitation à {{brand}} est"
            ),
            life: "Il est valable {{life}}.",
            link: ("Vous pouvez aussi ", "ouvrir cette page"),
            caution: "Si vous ne l’avez pas demandé, vous n’avez rien à faire. "
                + "Ne donnez ce code à personne, même si on vous le demande.",
            invitationCaution: "Si vous ne souhaitez pas accepter, vous n’avez rien à faire. "
                + "Ne donnez ce code à personne, même si on vous le demande.",
            noticeSubject: ByNotice(
                general: "Votre compte {{brand}} a été modifié",
                passwordChanged: "Votre mot de passe {{brand}} a été modifié",
                newSignIn: "Nouvelle connexion à votre compte {{brand}}",
                mfaChanged: "{{brand}}\u{a0}: connexion en deux étapes modifiée",
                accountLocked: "Votre compte {{brand}} a été bloqué",
                contactChanged: "Nouvelles coordonnées pour votre compte {{brand}}"
            ),
            notice: ByNotice(
                general: "votre compte {{brand}} a été modifié.",
                passwordChanged: "le mot de passe de votre compte {{brand}} a été modifié.",
                newSignIn: "quelqu’un s’est connecté à votre compte {{brand}}.",
                mfaChanged: "la connexion en deux étapes à votre compte {{brand}} a été modifiée.",
                accountLocked: "votre compte {{brand}} a été bloqué.",
                contactChanged: "quelqu’un a demandé à changer les coordonnées de votre compte {{brand}}."
            ),
            details: ("Appareil", "Lieu", "Heure"),
            noticeLink: ("Vous pouvez ", "consulter votre compte ici"),
            noticeCaution: "Si c’était vous, ou si vous vous y attendiez, vous n’avez rien à faire. "
                + "Sinon, changez de mot de passe et contactez-nous.",
            colon: "\u{a0}:"
        )
    )
}
