extension BuiltInWords {
    /// The SMS say `clave` and not `código`, and know no word with `á`, `í`, `ó` or `ú`: none of them is in GSM-7.
    static let spanish = BuiltInWords(
        language: LanguageTag(unchecked: "es"),
        code: ByPurpose(
            signUp: "{{code}} es tu clave de {{brand}}.",
            recovery: "{{code}} restablece tu acceso a {{brand}}.",
            mfa: "{{code}} es tu clave para entrar en {{brand}}.",
            attributeChange: "{{code}} confirma este teléfono en {{brand}}.",
            invitation: "{{code}} es tu clave para unirte a {{brand}}."
        ),
        notice: ByNotice(
            general: "Hubo cambios en tu cuenta de {{brand}}. Si no los hiciste, entra y revisa tu cuenta.",
            passwordChanged: "Tu contraseña de {{brand}} ha cambiado. Si no la cambiaste, recupera el acceso ahora.",
            newSignIn: "Nuevo acceso a tu cuenta de {{brand}}. Si no lo reconoces, cambia tu contraseña.",
            mfaChanged: "El acceso en dos pasos de tu cuenta de {{brand}} ha cambiado. "
                + "Si no lo cambiaste, revisa tu cuenta.",
            accountLocked: "Tu cuenta de {{brand}} se ha bloqueado. Si no lo esperabas, escribe a nuestro equipo.",
            contactChanged: "Se van a cambiar los datos de contacto de tu cuenta de {{brand}}. "
                + "Si no lo has pedido, cambia tu contraseña."
        ),
        mail: Mail(
            greeting: "Hola{{#name}}, {{name}}{{/name}}:",
            subject: "{{code}} es tu código de {{brand}}",
            request: ByPurpose(
                signUp: "Tu código para confirmar esta dirección en {{brand}} es",
                recovery: "Tu código para restablecer tu contraseña de {{brand}} es",
                mfa: "Tu código para entrar en {{brand}} es",
                attributeChange: "Tu código para confirmar tu nueva dirección en {{brand}} es",
                invitation: "Tu código para aceptar la invitación a {{brand}} es"
            ),
            life: "Es válido durante {{life}}.",
            link: ("También puedes ", "abrir esta página"),
            caution: "Si no lo has pedido, no tienes que hacer nada. No des el código a nadie que te lo pida.",
            invitationCaution: "Si no quieres aceptar, no tienes que hacer nada. "
                + "No des el código a nadie que te lo pida.",
            noticeSubject: ByNotice(
                general: "Hubo cambios en tu cuenta de {{brand}}",
                passwordChanged: "Tu contraseña de {{brand}} ha cambiado",
                newSignIn: "Nuevo acceso a tu cuenta de {{brand}}",
                mfaChanged: "El acceso en dos pasos de {{brand}} ha cambiado",
                accountLocked: "Tu cuenta de {{brand}} se ha bloqueado",
                contactChanged: "Nuevos datos de contacto en tu cuenta de {{brand}}"
            ),
            notice: ByNotice(
                general: "Hubo cambios en tu cuenta de {{brand}}.",
                passwordChanged: "La contraseña de tu cuenta de {{brand}} ha cambiado.",
                newSignIn: "Alguien ha entrado en tu cuenta de {{brand}}.",
                mfaChanged: "El acceso en dos pasos de tu cuenta de {{brand}} ha cambiado.",
                accountLocked: "Tu cuenta de {{brand}} se ha bloqueado.",
                contactChanged: "Alguien ha pedido cambiar los datos de contacto de tu cuenta de {{brand}}."
            ),
            details: ("Dispositivo", "Lugar", "Hora"),
            noticeLink: ("Puedes ", "ver tu cuenta aquí"),
            noticeCaution: "Si has sido tú, o lo esperabas, no tienes que hacer nada. "
                + "Si no, cambia tu contraseña y ponte en contacto con nosotros.",
            colon: ":"
        )
    )
}
