import CKernels

extension Matrix {
    /// One descent step over flat storage, in one pass:
    /// `self −= rate · (clip · gradient + decay · self)`, then `average += weight · (self − average)` where given.
    public func descend(
        along gradient: Matrix, rate: Float, clip: Float, decay: Float, average: Matrix? = nil, weight: Float = 0
    ) {
        precondition(isContiguous && gradient.isContiguous && gradient.count == count)
        precondition(average.map { $0.isContiguous && $0.count == count } ?? true)
        StepProfile.measure(.optimizer) {
            ThreadTeam.forEachPart(of: count, granule: 4096) { part in
                let start = part.lowerBound
                ck_descend(
                    part.count, rate, clip, decay, gradient.pointer + start, pointer + start, weight,
                    average.map { $0.pointer + start })
            }
        }
    }

    /// One step of dynamic evaluation over flat storage, in one pass:
    /// `self += min(1, pull · rms) ∘ (origin − self) − rate · gradient / (rms + epsilon)`.
    public func adapt(along gradient: Matrix, rate: Float, epsilon: Float, rms: Matrix, origin: Matrix, pull: Float) {
        let others = [gradient, rms, origin]
        precondition(isContiguous && others.allSatisfy { $0.isContiguous && $0.count == count })
        StepProfile.measure(.optimizer) {
            ThreadTeam.forEachPart(of: count, granule: 4096) { part in
                let start = part.lowerBound
                ck_adapt(
                    part.count, rate, epsilon, pull, gradient.pointer + start, rms.pointer + start, origin.pointer + start, pointer + start)
            }
        }
    }
}
