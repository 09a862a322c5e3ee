import Corpus
import Kernels
import Recurrent
import Regularizers

/// The memory that a training run holds at its largest, from the shapes.
///
/// Buffers are made for the longest windows that can come, but a page of memory counts only from its first use on: ``resident`` leaves out
/// what no window reaches in practice. Files that the run reads are not counted, since the system takes their pages back when it needs them.
public struct MemoryNeed: Equatable, Sendable {
    /// Bytes of all ``Kernels/Buffer``s that are there at the same time.
    public let buffers: Int
    /// Bytes in physical memory: buffers as far as they are used, text, the threads' scratch, and the program itself.
    public let resident: Int
    /// Bytes of address space, used or not; see `RLIMIT_AS`.
    public let addressSpace: Int

    /// The program and its libraries before training, and the address space that they, the allocator and threads that wait take beside.
    private static let program = 50e6
    private static let programAddressSpace = 650e6
    /// A word in the vocabulary: its text, and its entry among the numbers of words.
    private static let bytesPerWord = 250.0

    /// - Parameters:
    ///   - corpus: the text of the run; only its sizes matter.
    ///   - threads: of the run.
    public init(_ model: ModelConfiguration, schedule: TrainingSchedule, corpus: Corpus, threads: Int) {
        self.init(
            model, schedule: schedule, vocabularySize: corpus.vocabulary.count, trainingTokens: corpus.train.count,
            validationTokens: corpus.validation.count, testTokens: corpus.test.count, threads: threads)
    }

    /// - Parameters:
    ///   - vocabularySize: V.
    ///   - trainingTokens: length of the training text in use; those of the other texts beside it.
    ///   - threads: of the run.
    public init(
        _ model: ModelConfiguration, schedule: TrainingSchedule, vocabularySize: Int, trainingTokens: Int, validationTokens: Int,
        testTokens: Int, threads: Int
    ) {
        let sizes = Sizes(model, vocabularySize: vocabularySize)
        let windowLength = VariableLengthBPTT(
            isOn: model.regularization.variableLengthBPTT, baseLength: schedule.windowLength, stream: RandomStream(seed: 0, name: ""))
        let evaluated = Evaluator.defaultWindowLength
        // Weights, their gradients, the best of them, and their average.
        let weights = sizes.parameters * (schedule.ntASGD ? 4 : 3)
        let fixed = weights + sizes.packed(batchSizes: [schedule.batchSize, schedule.validationBatchSize, schedule.testBatchSize])
            + sizes.masks(batchSize: schedule.batchSize)

        let allocated = fixed + sizes.training(batchSize: schedule.batchSize, length: windowLength.maximumLength, allDropped: true)
            + sizes.evaluation(batchSize: schedule.validationBatchSize, length: evaluated)
            + sizes.evaluation(batchSize: schedule.testBatchSize, length: evaluated)

        let judged = schedule.validationTokens == 0 ? validationTokens : min(schedule.validationTokens, validationTokens)
        func steps(_ length: Int, _ tokens: Int, _ batchSize: Int) -> Int { min(length, max(1, tokens / max(1, batchSize))) }
        let longest = windowLength.lengthsInPractice.upperBound
        let used = fixed
            + sizes.training(
                batchSize: schedule.batchSize, length: steps(longest, trainingTokens, schedule.batchSize), allDropped: false)
            + sizes.evaluation(
                batchSize: schedule.validationBatchSize, length: steps(evaluated, validationTokens, schedule.validationBatchSize))
            + sizes.evaluation(batchSize: schedule.testBatchSize, length: steps(evaluated, testTokens, schedule.testBatchSize))

        let scratch = Double(threads) * sizes.scratchBytes(rows: steps(longest, trainingTokens, schedule.batchSize) * schedule.batchSize)
        let tokens = Double(trainingTokens) + Double(validationTokens) + Double(testTokens) + Double(judged)
        let beside = 4 * tokens + Self.bytesPerWord * Double(vocabularySize) + scratch
        buffers = Int(clamping: 4 * allocated)
        resident = Int(clamping: 4 * used + beside + Self.program)
        addressSpace = Int(clamping: 4 * allocated + beside + Self.programAddressSpace)
    }

    /// Numbers of values, in floating point, where no size overflows.
    private struct Sizes {
        let model: ModelConfiguration
        let vocabularySize: Int
        let embedding: Double
        /// Input and output width of each layer.
        let layers: [(input: Double, output: Double)]

        init(_ model: ModelConfiguration, vocabularySize: Int) {
            self.model = model
            self.vocabularySize = vocabularySize
            embedding = Double(model.effectiveEmbeddingSize)
            layers = model.layerSizes.map { (Double($0.input), Double($0.output)) }
        }

        /// Where this machine has none of the precision, that of others, which may train the run.
        private var path: ProductPath { ProductPath.available.first { $0.precision == model.precision } ?? .avx512BF16 }

        private var gates: Double { Double(model.cell.gateCount) }

        var parameters: Double {
            model.parameterShapes(vocabularySize: vocabularySize).reduce(0) { $0 + Double($1.rows) * Double($1.columns) }
        }

        /// One set of packed weights, that of the largest layer, in the largest packing.
        func packed(batchSizes: [Int]) -> Double {
            guard model.cell.hasHiddenProduct else { return 0 }
            let counts = model.layerSizes.flatMap { layer in
                batchSizes.map {
                    RecurrentProduct.packedCount(
                        outputs: model.cell.gateCount * layer.output, hiddenSize: layer.output, batchSize: $0, path: path)
                }
            }
            return Double(counts.max() ?? 0)
        }

        func masks(batchSize: Int) -> Double {
            let strengths = model.regularization
            func mask(_ strength: Float, _ count: Double) -> Double { strength > 0 ? count : 0 }
            let batch = Double(batchSize)
            let outputs = layers.enumerated().map { index, layer in
                mask(index == layers.count - 1 ? strengths.variationalDropoutOutput : strengths.variationalDropoutHidden, batch * layer.output)
            }
            // The mask of the weights, and the weights under it.
            let weights = model.droppedShapes.map { mask(strengths.weightDropping, 2 * Double($0.rows) * Double($0.columns)) }
            return mask(strengths.embeddingDropout, Double(vocabularySize)) + mask(strengths.variationalDropoutInput, batch * embedding)
                + (outputs + weights).reduce(0, +)
        }

        /// A ``WindowPass`` that trains.
        ///
        /// - Parameter allDropped: whether the outputs under dropout count where there is no dropout, too.
        func training(batchSize: Int, length: Int, allDropped: Bool) -> Double {
            let rows = Double(batchSize) * Double(length)
            let strengths = model.regularization
            let dropped = layers.enumerated().reduce(0.0) { sum, element in
                let isLast = element.offset == layers.count - 1
                let isDropped = (isLast ? strengths.variationalDropoutOutput : strengths.variationalDropoutHidden) > 0
                return sum + (isDropped || allDropped ? rows * element.element.output : 0)
            }
            let widest = max(layers.map(\.input).max() ?? 0, embedding)
            let zoneout = layers.reduce(0.0) { $0 + (hasZoneout ? rows * $1.output : 0) }
            return passing(batchSize: batchSize, length: length) + dropped + zoneout + 2 * rows * widest
        }

        private var hasZoneout: Bool { model.cell == .qrnn && model.zoneout > 0 }

        /// A ``WindowPass`` that evaluates.
        func evaluation(batchSize: Int, length: Int) -> Double {
            passing(batchSize: batchSize, length: length) + layers.reduce(0.0) { $0 + (hasZoneout ? Double(batchSize) * $1.output : 0) }
        }

        /// What every ``WindowPass`` has.
        private func passing(batchSize: Int, length: Int) -> Double {
            let (batch, steps) = (Double(batchSize), Double(length))
            let rows = batch * steps
            let recurrent = layers.enumerated().reduce(0.0) { sum, element in
                let layer = element.element
                let outputs = (rows + batch) * layer.output
                let cell = switch model.cell {
                // Gates, cells, and the two gradients carried back.
                case .lstm: rows * gates * layer.output + (rows + batch) * layer.output + 2 * batch * layer.output
                // Both products, and the gradient carried back.
                case .gru: 2 * rows * gates * layer.output + batch * layer.output
                // Gates, cells, the gradient carried back, the factors of no zoneout, and the input before the window.
                case .qrnn:
                    rows * gates * layer.output + (rows + batch) * layer.output + 2 * batch * layer.output
                        + (model.cell.inputWindow(layer: element.offset) == 2 ? batch * layer.input : 0)
                }
                return sum + outputs + cell
            }
            let block = Decoder.blockRows(vocabularySize: max(1, vocabularySize), maximumRows: Int(clamping: rows))
            return rows * embedding + recurrent + Double(block) * Double(vocabularySize)
        }

        /// What a thread keeps for packing: its largest transposed factors are the gradients of gates and of logits.
        func scratchBytes(rows: Int) -> Double {
            let widest = max((layers.map(\.output).max() ?? 0) * gates, Double(vocabularySize))
            return Double(path.scratchBytes(rows: Int(clamping: widest), depth: rows))
        }
    }
}

extension Int {
    /// The whole number nearest to `value`, or the largest there is.
    fileprivate init(clamping value: Double) { self = value < 9e18 ? Int(value) : Int.max }
}
