package tag

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// The weights of cues, in decibans toward production (+) or away from it (-): +10 is a likelihood ratio of ten to one.
//
// They only matter where what binds leaves reach unknown, and there only a sum of [suspicious] or more says something. The basis of
// the weights of names is a count of names in public repositories: of names with a word of production and a noun of credentials
// (PROD_API_TOKEN) 50 of 52 were production's, of names with LIVE and such a noun 10 of 10, of names with STAGING and such a noun 26
// of 26 staging's; without a noun LIVE was an environment's in 14 of 48. All others are judgement.
const (
	nameProduction      = 12  // counted: PROD or LIVE and a noun of credentials
	nameProductionAlone = 6   // judgement: PROD_ACCOUNT
	nameStaging         = -8  // counted: STAGING and a noun; less than the count says, because names outlive what they name
	nameStage           = -2  // judgement: STAGE is a step of a pipeline as often
	nameTest            = -3  // judgement: a purpose, and production is tested too
	nameOther           = -8  // judgement: DEV, PREVIEW, NONPROD
	pathProduction      = 10  // judgement: .env.production can be a build's mode
	pathOther           = -8  // judgement
	keyProduction       = 12  // judgement: production: in a map of environments
	keyOther            = -10 // judgement
	unitProduction      = 12  // judgement: it is deployed with production
	unitOther           = -10 // judgement
	hostProduction      = 12  // judgement: db-prod.internal stands beside it, and nothing says that it is for that host
	hostOther           = -10 // judgement

	suspicious = 6  // four to one: from here on production is suspected
	groupCap   = 15 // the cues of a group are copies of one decision
	sumCap     = 30
	conflict   = 8 // what both sides must have for their disagreement to be worth a line
)

// weighName weighs a cue in a variable's name.
func weighName(c environ.Cue) int {
	switch e := c.Environments; {
	case e.Touches(detectors.Production) && c.Credential:
		return nameProduction
	case e.Touches(detectors.Production):
		return nameProductionAlone
	case e == detectors.Test:
		return nameTest
	case e == detectors.Staging && strings.EqualFold(c.Word, "stage"):
		return nameStage
	case e == detectors.Staging:
		return nameStaging
	}
	return nameOther
}

func weighKey(c environ.Cue) int            { return weigh(c.Environments, keyProduction, keyOther) }
func weighPath(c environ.Cue) int           { return weigh(c.Environments, pathProduction, pathOther) }
func weighHost(e detectors.Environment) int { return weigh(e, hostProduction, hostOther) }
func weighUnit(e detectors.Environment) int { return weigh(e, unitProduction, unitOther) }

func weigh(e detectors.Environment, production, other int) int {
	switch {
	case e.Touches(detectors.Production):
		return production
	case e == detectors.Test:
		return nameTest
	}
	return other
}
