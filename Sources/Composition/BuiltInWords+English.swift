extension BuiltInWords {
    static let english = BuiltInWords(
        language: .english,
        code: ByPurpose(
            signUp: "{{code}} is your {{brand}} code.",
            recovery: "{{code}} is your {{brand}} reset code.",
            mfa: "{{code}} is your {{brand}} sign-in code.",
            attributeChange: "{{code}} confirms this number at {{brand}}.",
            invitation: "{{code}} is your invitation to {{brand}}."
        ),
        notice: ByNotice(
            general: "Your {{brand}} account was changed. Not you? Sign in and check.",
            passwordChanged: "Your {{brand}} password was changed. Not you? Reset it now.",
            newSignIn: "New sign-in to your {{brand}} account. Not you? Change your password.",
            mfaChanged: "The two-step sign-in of your {{brand}} account was changed. Not you? Check your account.",
            accountLocked: "Your {{brand}} account was locked. Not expected? Contact us.",
            contactChanged: "The contact details of your {{brand}} account are being changed. "
                + "Not you? Change your password."
        ),
        mail: Mail(
            greeting: "Hello{{#name}} {{name}}{{/name}},",
            subject: "{{code}} is your {{brand}} code",
            request: ByPurpose(
                signUp: "your code to confirm this address for {{brand}} is",
                recovery: "your code to reset your password at {{brand}} is",
                mfa: "your code to sign in to {{brand}} is",
                attributeChange: "your code to confirm your new address at {{brand}} is",
                invitation: "your code to accept your invitation to {{brand}} is"
            ),
            life: "It is good for {{life}}.",
            link: ("You can also ", "open this page"),
            caution: "If you did not ask for it, you need not do anything. "
                + "Do not give the code to anybody who asks for it.",
            invitationCaution: "If you do not want to accept, you need not do anything. "
                + "Do not give the code to anybody who asks for it.",
            noticeSubject: ByNotice(
                general: "Your {{brand}} account was changed",
                passwordChanged: "Your {{brand}} password was changed",
                newSignIn: "New sign-in to your {{brand}} account",
                mfaChanged: "The two-step sign-in of your {{brand}} account was changed",
                accountLocked: "Your {{brand}} account was locked",
                contactChanged: "Change of contact details at {{brand}}"
            ),
            notice: ByNotice(
                general: "your account at {{brand}} was changed.",
                passwordChanged: "the password of your account at {{brand}} was changed.",
                newSignIn: "somebody signed in to your account at {{brand}}.",
                mfaChanged: "the two-step sign-in of your account at {{brand}} was changed.",
                accountLocked: "your account at {{brand}} was locked.",
                contactChanged: "somebody asked to change the contact details of your account at {{brand}}."
            ),
            details: ("Device", "Place", "Time"),
            noticeLink: ("You can ", "look at your account here"),
            noticeCaution: "If this was you, or you expected it, you need not do anything. "
                + "Otherwise change your password and contact us.",
            colon: ":"
        )
    )
}
