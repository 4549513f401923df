/// What may stand in the place of a token; a new kind is one line here.
enum TokenKind: String, CaseIterable {
    case missing = "no token"
    case otherScheme = "another scheme"
    case schemeAlone = "no token behind the scheme"
    case otherShape = "a token of another shape"
    case neverMade = "a token that was never made"
    case expired = "an expired token"
    case revoked = "a token that was revoked"

    /// What stands in the field `Authorization`, for the table.
    var shown: String {
        switch self {
        case .missing: "nothing"
        case .otherScheme: "`Basic YTpi`"
        case .schemeAlone: "`Bearer`"
        case .otherShape: "`Bearer 4b1c`"
        case .neverMade: "`Bearer gp_…`"
        case .expired: "`Bearer gp_…`, made for an hour that is over"
        case .revoked: "`Bearer gp_…`, revoked"
        }
    }

    var bearer: ProbeRequest.Bearer {
        switch self {
        case .missing: .nobody
        case .otherScheme: .literally("Basic YTpi")
        case .schemeAlone: .literally("Bearer")
        case .otherShape: .literally("Bearer 4b1c")
        case .neverMade: .literally("Bearer gp_bl0z0IoiJ8Fq57OdVfMAD74MOfUMOWiiMNZL_v4Q2ko")
        case .expired: .named("expired")
        case .revoked: .named("revoked")
        }
    }
}
