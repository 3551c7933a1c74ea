import { gegluBackward, gegluForward } from '../reference/geglu';
import { geglu } from './geglu';
import { testGatedUnit } from './test/gatedUnit';

testGatedUnit(geglu, gegluForward, gegluBackward);
