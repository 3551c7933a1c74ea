/**
 * Frequent words outside the small world, so that a real HealthBench row takes fewer tokens. The model has not learned
 * them.
 */
export const COMMON_WORDS =
  'the of and to in is you that it he was for on are as with his they at be this have from or one had by word but not what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see number no way could people my than first been call who its now find long down day did get come made may part symptoms patient treatment medication health pain should doctor medical blood pressure heart disease care risk help please know question information between during before after which clinical diagnosis therapy weight small large important possible severe chronic infection history exercise healthy provide recommend appropriate include consider general common children women people because through also without another within specific response effects levels research evidence guidelines should avoid provider signs immediate testing vaccine cancer diabetes pregnancy hospital nurse'.split(
    ' ',
  );
