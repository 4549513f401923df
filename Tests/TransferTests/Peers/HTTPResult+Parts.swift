import Transfer

extension HTTPResult {
    var answer: HTTPAnswer? {
        if case .answered(let answer) = self { answer } else { nil }
    }

    var failure: TransferFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
