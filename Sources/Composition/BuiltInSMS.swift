import AuthEvents

/// The English SMS for a purpose that comes with the product: one segment with a brand of up to 40 characters and domain
/// together, short enough for one of UCS-2 where the brand's letters need it.
///
/// Where the tenant has a domain the last line binds the code to it, after a blank line, so that phones offer the code on
/// that site alone (WICG, "Origin-bound one-time codes delivered via SMS").
func builtInSMS(for purpose: Purpose) throws(TemplateError) -> Template {
    let sentence =
        switch purpose {
        case .signUp: "{{code}} is your {{brand}} code."
        case .recovery: "{{code}} is your {{brand}} reset code."
        case .mfa: "{{code}} is your {{brand}} sign-in code."
        case .attributeChange: "{{code}} confirms this number at {{brand}}."
        case .invitation: "{{code}} is your invitation to {{brand}}."
        case .notice: "Your {{brand}} account was changed. Not you? Sign in and check."
        }
    let binding = purpose == .notice ? "" : "{{#domain}}\n\n@{{domain}} #{{code}}{{/domain}}"
    return try Template(sentence + binding, names: ["code", "brand", "domain"])
}
