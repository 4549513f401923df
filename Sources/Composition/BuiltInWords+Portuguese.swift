extension BuiltInWords {
    /// The SMS do without `código` and `não`: neither `ã`, `ç`, `õ` nor any acute or circumflex but `é` is in GSM-7.
    ///
    /// The words are chosen so that they read well in Brazil and in Portugal.
    static let portuguese = BuiltInWords(
        language: LanguageTag(unchecked: "pt"),
        code: ByPurpose(
            signUp: "Use {{code}} para confirmar a conta {{brand}}.",
            recovery: "Use {{code}} para recuperar o acesso a {{brand}}.",
            mfa: "Use {{code}} para entrar em {{brand}}.",
            attributeChange: "Use {{code}} para confirmar o telefone em {{brand}}.",
            invitation: "Use {{code}} para aceitar o convite de {{brand}}."
        ),
        notice: ByNotice(
            general: "A sua conta {{brand}} foi alterada. Se isto for inesperado, entre e verifique a conta.",
            passwordChanged: "A sua senha {{brand}} foi alterada. Se isto for inesperado, recupere o acesso agora.",
            newSignIn: "Novo acesso à sua conta {{brand}}. Se isto for inesperado, altere a senha agora.",
            mfaChanged: "O acesso em duas etapas da sua conta {{brand}} foi alterado. "
                + "Se isto for inesperado, verifique a conta.",
            accountLocked: "A sua conta {{brand}} foi bloqueada. Se isto for inesperado, procure o nosso suporte.",
            contactChanged: "Foi pedida a troca do telefone ou email da sua conta {{brand}}. "
                + "Se isto for inesperado, altere a senha agora."
        ),
        mail: Mail(
            greeting: "Olá{{#name}}, {{name}}{{/name}}!",
            subject: "{{code}} é o seu código {{brand}}",
            request: ByPurpose(
                signUp: "O seu código para confirmar este endereço em {{brand}} é",
                recovery: "O seu código para redefinir a sua senha {{brand}} é",
                mfa: "O seu código para entrar em {{brand}} é",
                attributeChange: "O seu código para confirmar o seu novo endereço em {{brand}} é",
                invitation: "O seu código para aceitar o convite de {{brand}} é"
            ),
            life: "É válido durante {{life}}.",
            link: ("Também pode ", "abrir esta página"),
            caution: "Se não o pediu, não precisa de fazer nada. Não dê o código a ninguém que o peça.",
            invitationCaution: "Se não quiser aceitar, não precisa de fazer nada. "
                + "Não dê o código a ninguém que o peça.",
            noticeSubject: ByNotice(
                general: "A sua conta {{brand}} foi alterada",
                passwordChanged: "A sua senha {{brand}} foi alterada",
                newSignIn: "Novo acesso à sua conta {{brand}}",
                mfaChanged: "O acesso em duas etapas de {{brand}} foi alterado",
                accountLocked: "A sua conta {{brand}} foi bloqueada",
                contactChanged: "Novo email ou telefone na sua conta {{brand}}"
            ),
            notice: ByNotice(
                general: "A sua conta {{brand}} foi alterada.",
                passwordChanged: "A senha da sua conta {{brand}} foi alterada.",
                newSignIn: "Alguém entrou na sua conta {{brand}}.",
                mfaChanged: "O acesso em duas etapas da sua conta {{brand}} foi alterado.",
                accountLocked: "A sua conta {{brand}} foi bloqueada.",
                contactChanged: "Alguém pediu para alterar o email ou o telefone da sua conta {{brand}}."
            ),
            details: ("Dispositivo", "Local", "Hora"),
            noticeLink: ("Pode ", "ver a sua conta aqui"),
            noticeCaution: "Se foi você, ou se já o esperava, não precisa de fazer nada. "
                + "Caso contrário, altere a sua senha e procure o nosso suporte.",
            colon: ":"
        )
    )
}
