/// An application or customer that shares the installation, as the settings declare it.
package struct Tenant: Sendable, Equatable {
    package var name: TenantName
    /// What a `link` of its events must start with.
    package var links: [String]
    package var brand: Brand
    /// How a national number is read, and where SMS go when no countries are allowed by name (ISO 3166-1).
    package var defaultCountry: String

    package init(name: TenantName, links: [String] = [], brand: Brand? = nil, defaultCountry: String = "US") {
        (self.name, self.links, self.defaultCountry) = (name, links, defaultCountry)
        self.brand = brand ?? Brand(name: name == .default ? "Gatepost" : name.description)
    }
}

/// How a tenant appears in its messages.
package struct Brand: Sendable, Equatable {
    package var name: String
    package var domain: String?
    /// The address that mails come from.
    package var fromEmail: String
    /// The sender of SMS: a number in E.164, or 1 to 11 letters, digits and blanks where the country allows names.
    package var fromSMS: String

    package init(name: String, domain: String? = nil, fromEmail: String? = nil, fromSMS: String? = nil) {
        (self.name, self.domain) = (name, domain)
        self.fromEmail = fromEmail ?? "no-reply@\(domain ?? "localhost")"
        let letters = String(name.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(11))
        self.fromSMS = fromSMS ?? (letters.contains(where: \.isLetter) ? letters : "Gatepost")
    }
}
