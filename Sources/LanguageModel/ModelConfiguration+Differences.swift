extension ModelConfiguration {
    /// In what the shapes or the meaning of the weights differ, as `hidden-size 9 there, 10 here`; the strengths of regularizers do not count.
    public func architectureDifferences(to here: ModelConfiguration) -> [String] {
        let values: [(name: String, there: String, here: String)] = [
            ("cell", cell.rawValue, here.cell.rawValue),
            ("embedding-size", String(effectiveEmbeddingSize), String(here.effectiveEmbeddingSize)),
            ("hidden-size", String(hiddenSize), String(here.hiddenSize)),
            ("layers", String(layers), String(here.layers)),
            ("weight-tying", String(regularization.weightTying), String(here.regularization.weightTying)),
            ("independent-sizes", String(regularization.independentSizes), String(here.regularization.independentSizes)),
        ]
        return values.filter { $0.there != $0.here }.map { "\($0.name) \($0.there) there, \($0.here) here" }
    }
}
