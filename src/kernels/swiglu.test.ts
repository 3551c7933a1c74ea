import { swigluBackward, swigluForward } from '../reference/swiglu';
import { swiglu } from './swiglu';
import { testGatedUnit } from './test/gatedUnit';

testGatedUnit(swiglu, swigluForward, swigluBackward);
