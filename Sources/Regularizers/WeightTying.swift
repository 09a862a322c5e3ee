import Kernels

/// One matrix for embedding and decoder (§4.4); the decoder keeps its own bias.
public struct WeightTying: Sendable {
    public let isOn: Bool

    public init(isOn: Bool) { self.isOn = isOn }

    /// What embedding and decoder declare, for a vocabulary of V words and vectors of width E.
    public func parameters(vocabularySize: Int, embeddingSize: Int) -> [ParameterShape] {
        let embedding = ParameterShape("embedding.weight", vocabularySize, embeddingSize)
        let decoder = ParameterShape("decoder.weight", vocabularySize, embeddingSize)
        return (isOn ? [embedding] : [embedding, decoder]) + [ParameterShape("decoder.bias", 1, vocabularySize)]
    }

    /// The decoder's matrix [V, E] among parameters or gradients.
    public func decoderWeight(in storage: ParameterStorage) -> Matrix {
        storage[isOn ? "embedding.weight" : "decoder.weight"]
    }
}
