/*
 * Stands where Atlaskit expects its experiment client. Belay takes part in no experiments and sends nothing anywhere, so every
 * gate is closed and every experiment gives its default.
 */
const FeatureGates = {
  checkGate: () => false,
  initializeCompleted: () => false,
  getExperimentValue: <T>(_experiment: string, _parameter: string, fallback: T): T => fallback,
};

export default FeatureGates;
